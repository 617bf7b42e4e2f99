"""The process that paints pictures: reads requests of `painter` from standard input, writes PNG to standard output.

It ends when its input does, which is when the server ends, however that ends.
"""

import json
import os
import struct
import sys
from typing import BinaryIO

from dashboard.charts.svg.painting import paint

HEADER = struct.Struct("!I")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer request after request: a length and the arguments of `paint` as JSON.

    The answer is a length and PNG, of no length where it cannot be painted.
    """
    while head := requests.read(HEADER.size):
        arguments = json.loads(requests.read(HEADER.unpack(head)[0]))
        try:
            picture = paint(*arguments)
        except Exception as error:  # whatever resvg says, the next picture may go well
            print(f"resvg: {error}", file=sys.stderr, flush=True)
            picture = b""
        answers.write(HEADER.pack(len(picture)) + picture)
        answers.flush()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(5)  # readers of the pages come first
    serve(sys.stdin.buffer, sys.stdout.buffer)
