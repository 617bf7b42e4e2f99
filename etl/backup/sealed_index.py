"""What the sealed part says of itself and of the open part: nobody without the passphrase can change either."""

from pydantic import BaseModel, ConfigDict, ValidationError

from etl.backup.manifest import DamagedError, StoredFile


class SealedIndex(BaseModel):
    """The files of both parts, as they were stored together."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: tuple[StoredFile, ...]
    sealed: tuple[StoredFile, ...]

    @classmethod
    def read(cls, text: bytes, file: str) -> "SealedIndex":
        """Read it.

        Raises:
            DamagedError: it is none.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise DamagedError(file, "its list of files cannot be read") from error
