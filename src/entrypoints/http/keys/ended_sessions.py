"""The list of ended sessions, ready to be sent."""

from latchkey.adapters.jwt.ended_sessions import EndedSessionsSigner
from latchkey.adapters.keys import KeySet
from latchkey.application.audit.ended_sessions import EndedList, EndedSessions
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.entrypoints.http.keys.publication import Document, document
from latchkey.entrypoints.http.keys.schemas import EndedSessionsBody


class EndedSessionsFeed:
    """Signs each list once, however often it is fetched."""

    def __init__(
        self, ended_sessions: EndedSessions, keys: KeySet, signer: EndedSessionsSigner
    ) -> None:
        """Publish lists where others can verify them: with key pairs."""
        self._ended_sessions = ended_sessions
        self._is_public = keys.is_public
        self._signer = signer
        self._newest: tuple[EndedList, Document] | None = None

    async def document(self) -> Document:
        """Return the list of now.

        Raises:
            NotFoundError: There are no public keys.
            StorageUnavailableError: The sessions could not be read.
        """
        if not self._is_public:
            raise NotFoundError
        listed = await self._ended_sessions()
        if self._newest is None or self._newest[0] is not listed:
            signed = self._signer.sign(listed.session_ids, listed.at)
            self._newest = listed, document(EndedSessionsBody(ended_sessions=signed))
        return self._newest[1]
