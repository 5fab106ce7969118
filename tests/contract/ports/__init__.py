"""What the domain's ports promise, as tests that any adapter can be held to.

One abstract suite for each port. An adapter is bound to it by a module with two things in it:
the fixture `storage`, which gives an empty storage (`contract.ports.storage.Storage`: ports under
the names that the suites use), and a subclass of each suite that it should pass:

    @pytest.fixture
    def storage() -> MemoryStorage:
        return MemoryStorage(SystemClock())

    class TestMemoryUserRepository(UserRepositorySuite): ...

`ClockSuite` asks for `clock`. Every instant is passed in, so no adapter needs a clock of its own
that could be moved, and nothing waits. `anyio_backend` must be "asyncio".

Have the suites' assertions explained with `pytest.register_assert_rewrite("contract.ports")` in
a conftest, before they are imported. They need this folder on the path, `factories`,
`frozen_clock`, and pytest, anyio, hypothesis and polyfactory.
"""
