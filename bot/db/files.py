"""The files of a SQLite database: readable by their owner alone, and copied before a migration."""

import filecmp
import glob
import logging
import os
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = Path("data")  # where the database is unless the settings say otherwise
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def make_private(path: Path) -> None:
    """Make the file if it isn't there, and let nobody else read it or what lies beside it: the log,
    the lock and the copies. SQLite gives its own files the permissions of the database. A folder
    that was there before keeps its permissions, unless it is ours."""
    if path.parent == FOLDER or not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _allow_only_owner(path.parent, PRIVATE_FOLDER)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
    for file in path.parent.glob(f"{glob.escape(path.name)}*"):
        _allow_only_owner(file, PRIVATE_FILE)


def _allow_only_owner(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 == mode:
        return
    try:
        path.chmod(mode)
    except PermissionError:  # somebody else's, who lets us use it
        log.warning("The permissions of %s can't be changed: others may read it", path)


def copy_before_migrating(path: Path, current: str) -> Path:
    """Copy the database to a file beside it, and return once the copy is on the disk. A copy that
    is there already is never overwritten: if it differs, this one gets another name."""
    name = f"{path.name}.before-{current}"
    partial = path.with_name(f"{name}.partial")
    partial.unlink(missing_ok=True)  # of a start that was interrupted
    make_private(partial)
    try:
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(partial)) as new:
            new.execute("PRAGMA journal_mode = OFF")
            old.backup(new)
        _write_to_disk(partial)
        copy = _free_name(partial, path.with_name(name))
        if not copy.exists():
            partial.rename(copy)
    finally:
        partial.unlink(missing_ok=True)
    _write_to_disk(path.parent)
    return copy


def _free_name(partial: Path, wanted: Path) -> Path:
    """The first name that is free, or that of an equal copy."""
    for number in count(2):
        if not wanted.exists() or filecmp.cmp(partial, wanted, shallow=False):
            return wanted
        wanted = wanted.with_name(f"{partial.stem}.{number}")
    raise AssertionError  # numbers don't run out


def _write_to_disk(path: Path) -> None:
    with suppress(PermissionError):  # Windows opens no folder
        descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
