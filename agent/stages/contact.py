"""The server that the settings name now, read at each round, so that a change needs no restart.

Settings that cannot be used change nothing: the last good ones stay, and the fault is told.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agent.configuration import BadConfiguration, Configuration, load_configuration
from agent.detached import detached

if TYPE_CHECKING:  # it loads TUF and TLS, which wait until the stored list is enforced
    from agent.conversation import Conversation

log = logging.getLogger(__name__)


class Contact:
    """The settings in force and the conversation that they lead to."""

    def __init__(
        self, file: Path, open_conversation: Callable[[Configuration], Conversation]
    ) -> None:
        """`open_conversation` may block, and loads what it needs at its first call."""
        self._file = file
        self._open = open_conversation
        self.configuration: Configuration | None = None
        self.conversation: Conversation | None = None
        self.fault = ""
        """What is wrong with the settings now; empty where nothing is."""

    async def read(self) -> bool:
        """Read the settings; says whether there is another server, pin or token since."""
        try:
            configuration = load_configuration(self._file)
        except BadConfiguration as error:
            if self.fault != str(error):
                log.warning("settings=refused detail=%r", str(error))
            self.fault = str(error)
            return False
        self.fault = ""
        if configuration == self.configuration and self.conversation is not None:
            return False
        self.conversation = await detached(self._open, configuration)
        self.configuration = configuration
        if configuration.enrolment and self._file.stat().st_mode & stat.S_IROTH:
            said = f"everybody here may read the token in {self._file}; chmod o-r {self._file}"
            log.warning("settings=exposed detail=%r", said)
        return True
