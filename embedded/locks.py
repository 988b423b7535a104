"""Builds that happen once, also when several processes ask at the same time, and never by halves."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

KEPT = 4


def built_once(target: Path, build: Callable[[Path], None]) -> None:
	"""Make the folder `target` with `build(temporary folder)` unless it is there.

	The folder is built under another name and renamed when done, so that one that stands is complete. What a broken
	build left behind is thrown away by the next; of older folders with the same beginning the last few are kept.
	"""
	if target.is_dir():
		os.utime(target)
		return
	target.parent.mkdir(parents=True, exist_ok=True)
	family = target.name.rpartition("-")[0]
	with FileLock(target.parent / f"{family or 'build'}.lock"):
		if target.is_dir():
			return
		unfinished = target.parent / f"{target.name}.building"
		shutil.rmtree(unfinished, ignore_errors=True)
		unfinished.mkdir()
		try:
			build(unfinished)
		except BaseException:
			shutil.rmtree(unfinished, ignore_errors=True)
			raise
		unfinished.rename(target)
		forget_old(target, family)


def forget_old(target: Path, family: str) -> None:
	"""Delete all but the most recently used folders of one family beside `target`."""
	beside = [
		path for path in target.parent.iterdir() if path.is_dir() and path.name.rpartition("-")[0] == family
	]
	beside.sort(key=lambda path: path.stat().st_mtime, reverse=True)
	for path in beside[KEPT:]:
		if path != target:
			shutil.rmtree(path, ignore_errors=True)
