"""The few Redis commands that Frappe's cache uses, on dictionaries in this process."""

import fnmatch
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import redis

COMMANDS: dict[str, Callable[..., Any]] = {}


class Store:
	"""What a Redis server would keep: values by key, and when they end."""

	def __init__(self) -> None:
		self.lock = threading.RLock()
		self.values: dict[bytes, Any] = {}
		self.ends: dict[bytes, float] = {}

	def call(self, name: str, *arguments: Any) -> Any:
		"""Carry out a command as redis-py writes it."""
		with self.lock:
			for key in [key for key, end in self.ends.items() if end <= time.monotonic()]:
				self.remove(key)
			return COMMANDS[name](self, *(_bytes(argument) for argument in arguments))

	def remove(self, key: bytes) -> bool:
		"""Forget a key."""
		self.ends.pop(key, None)
		return self.values.pop(key, None) is not None

	def slot(self, key: bytes, kind: type) -> Any:
		"""The value of a key; an empty one of `kind` when there is none."""
		return self.values.setdefault(key, kind())


class Memory(redis.Redis):
	"""A client whose server is a `Store`."""

	def __init__(self, store: Store) -> None:
		self.store = store
		self.connection = None
		self.connection_pool = None
		self.auto_close_connection_pool = False

	def execute_command(self, *arguments: Any, **options: Any) -> Any:
		"""Carry out one command."""
		return self.store.call(*arguments)

	def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> "Pipeline":
		"""Commands in a row; here each is carried out at once."""
		return Pipeline(self.store)

	def close(self) -> None:
		"""Nothing to close."""


class Pipeline(Memory):
	"""Gathers the answers of its commands."""

	def __init__(self, store: Store) -> None:
		super().__init__(store)
		self.answers: list[Any] = []

	def execute_command(self, *arguments: Any, **options: Any) -> "Pipeline":
		"""Carry out one command and keep its answer."""
		self.answers.append(super().execute_command(*arguments, **options))
		return self

	def execute(self, raise_on_error: bool = True) -> list[Any]:
		"""The answers since the last time."""
		answers, self.answers = self.answers, []
		return answers


def _bytes(value: Any) -> Any:
	return value if isinstance(value, bytes) else str(value).encode()


def command(name: str) -> Callable:
	"""Register a function as a Redis command."""

	def register(function: Callable) -> Callable:
		COMMANDS[name] = function
		return function

	return register


@command("SET")
def _set(store: Store, key: bytes, value: bytes, *options: bytes) -> bool | None:
	if b"NX" in options and key in store.values:
		return None
	store.values[key] = value
	store.ends.pop(key, None)
	if b"EX" in options:
		_expire(store, key, options[options.index(b"EX") + 1])
	return True


@command("SETEX")
def _setex(store: Store, key: bytes, seconds: bytes, value: bytes) -> bool:
	return _set(store, key, value, b"EX", seconds)


@command("INCRBY")
def _incrby(store: Store, key: bytes, amount: bytes) -> int:
	store.values[key] = str(int(store.values.get(key, b"0")) + int(amount)).encode()
	return int(store.values[key])


@command("EXPIRE")
def _expire(store: Store, key: bytes, seconds: bytes) -> bool:
	if key in store.values:
		store.ends[key] = time.monotonic() + int(seconds)
	return key in store.values


@command("TTL")
def _ttl(store: Store, key: bytes) -> int:
	if key not in store.values:
		return -2
	return int(store.ends[key] - time.monotonic()) if key in store.ends else -1


@command("UNLINK")
@command("DEL")
def _delete(store: Store, *keys: bytes) -> int:
	return sum(store.remove(key) for key in keys)


@command("KEYS")
def _keys(store: Store, pattern: bytes) -> list[bytes]:
	wanted = pattern.decode()
	if wanted.endswith("*") and not set(wanted[:-1]) & set("*?["):
		return [key for key in store.values if key.startswith(pattern[:-1])]
	return [key for key in store.values if fnmatch.fnmatchcase(key.decode(), wanted)]


@command("FLUSHALL")
@command("FLUSHDB")
def _flush(store: Store, *options: bytes) -> bool:
	store.values.clear()
	store.ends.clear()
	return True


@command("HSET")
def _hset(store: Store, key: bytes, *pairs: bytes) -> int:
	fields = store.slot(key, dict)
	before = len(fields)
	fields.update(zip(pairs[::2], pairs[1::2], strict=True))
	return len(fields) - before


@command("HDEL")
def _hdel(store: Store, key: bytes, *fields: bytes) -> int:
	found = store.values.get(key, {})
	return sum(found.pop(field, None) is not None for field in fields)


@command("LTRIM")
def _ltrim(store: Store, key: bytes, start: bytes, end: bytes) -> bool:
	store.values[key] = _lrange(store, key, start, end)
	return True


@command("LRANGE")
def _lrange(store: Store, key: bytes, start: bytes, end: bytes) -> list[bytes]:
	last = int(end)
	return store.values.get(key, [])[int(start) : None if last == -1 else last + 1]


@command("LPUSH")
def _lpush(store: Store, key: bytes, *values: bytes) -> int:
	store.slot(key, list)[:0] = reversed(values)
	return len(store.values[key])


@command("RPUSH")
def _rpush(store: Store, key: bytes, *values: bytes) -> int:
	store.slot(key, list).extend(values)
	return len(store.values[key])


@command("LPOP")
def _lpop(store: Store, key: bytes, *count: bytes) -> bytes | None:
	return store.values[key].pop(0) if store.values.get(key) else None


@command("RPOP")
def _rpop(store: Store, key: bytes, *count: bytes) -> bytes | None:
	return store.values[key].pop() if store.values.get(key) else None


@command("SPOP")
def _spop(store: Store, key: bytes, *count: bytes) -> bytes | None:
	return store.values[key].pop() if store.values.get(key) else None


COMMANDS |= {
	"PING": lambda store: True,
	"PUBLISH": lambda store, channel, message: 0,
	"GET": lambda store, key: store.values.get(key),
	"EXISTS": lambda store, *keys: sum(key in store.values for key in keys),
	"HGET": lambda store, key, field: store.values.get(key, {}).get(field),
	"HGETALL": lambda store, key: dict(store.values.get(key, {})),
	"HKEYS": lambda store, key: list(store.values.get(key, {})),
	"HEXISTS": lambda store, key, field: field in store.values.get(key, {}),
	"LLEN": lambda store, key: len(store.values.get(key, [])),
	"SADD": lambda store, key, *members: store.slot(key, set).update(members),
	"SREM": lambda store, key, *members: store.slot(key, set).difference_update(members),
	"SISMEMBER": lambda store, key, member: member in store.values.get(key, set()),
	"SMEMBERS": lambda store, key: set(store.values.get(key, set())),
	"SRANDMEMBER": lambda store, key, *count: random.choice([*store.values.get(key, set())] or [None]),
}
