"""The agent's data folder, which belongs to the account without rights."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from agent.commands.answering import COULD_NOT, Stopped
from agent.helper import ACCOUNT


def want_root(command: str) -> None:
    """Raise Stopped unless root."""
    if os.geteuid() != 0:
        raise Stopped(
            f"sluis-agent {command} wants root; try: sudo sluis-agent {command}", COULD_NOT
        )


def make_data_folder(folder: Path) -> None:
    """Make the folder where it is missing, as root for the agent's account. Raises Stopped."""
    try:
        # everybody may pass through to the control socket, nobody may look around
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        if os.geteuid() == 0 and folder.stat().st_uid == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(folder, account.pw_uid, account.pw_gid)
            folder.chmod(0o711)
    except KeyError as error:
        raise Stopped(
            f"there is no account {ACCOUNT}; make one: useradd --system {ACCOUNT}", COULD_NOT
        ) from error
    except OSError as error:
        raise Stopped(
            f"the data folder {folder} cannot be used: {error.strerror}; give one that this "
            "account can write, with --data DIR",
            COULD_NOT,
        ) from error


def become_owner(folder: Path) -> None:
    """Give root's rights up for those of the folder's owner; nothing for any other account."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
