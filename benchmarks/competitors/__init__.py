"""The same rule told in three other ways, as it is usually done: what the engine is compared with."""
