from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class ForgivingRedisCache(RedisCache):
    """A cache that is empty while its server is away, so that no page depends on it.

    Rate limits pause for that time. Django's own backend would answer every log-in with an error instead.
    """

    def get(self, key, default=None, version=None):
        try:
            return super().get(key, default, version)
        except RedisError:
            return default

    def set(self, *args, **kwargs):
        try:
            super().set(*args, **kwargs)
        except RedisError:
            return

    def add(self, *args, **kwargs):
        try:
            return super().add(*args, **kwargs)
        except RedisError:
            return True

    def incr(self, key, delta=1, version=None):
        """As if nothing had been counted yet; also where a count has just been thrown away."""
        try:
            return super().incr(key, delta, version)
        except (RedisError, ValueError):
            return delta

    def delete(self, key, version=None):
        try:
            return super().delete(key, version)
        except RedisError:
            return False
