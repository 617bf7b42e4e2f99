"""The handshake of a page's connection, answered also where it cannot be read.

The library reads it anew, with limits of its own (a line of 8,192 bytes, 128 headers) and without a body. What it
refuses there uvicorn does not answer: the client would wait for ever, and its connection would stay open.
"""

from http import HTTPStatus

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class Handshakes(WebSocketsSansIOProtocol):
    """What uvicorn reads connections by: its own protocol, which refuses a handshake that it cannot read."""

    def data_received(self, data: bytes) -> None:
        """Read on; where no handshake can come of it, answer what is wrong with it and end the connection."""
        super().data_received(data)
        if self.conn.handshake_exc is None or self.handshake_initiated or self.transport.is_closing():
            return
        words = f"This handshake of a websocket cannot be read: {self.conn.handshake_exc.__cause__}.\n"
        answer = b"".join(self.conn.data_to_send()) or self.conn.reject(HTTPStatus.BAD_REQUEST, words).serialize()
        self.transport.write(answer)
        self.transport.close()
