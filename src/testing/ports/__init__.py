"""What the domain's ports promise, as tests for any adapter: one abstract suite for each port.

A test module binds an adapter to the suites. It has a fixture `storage` that returns an empty
storage, and a subclass of each suite that the adapter should pass:

    @pytest.fixture
    def storage(clock: FrozenClock) -> MemoryStorage:
        return MemoryStorage(clock)

    class TestMemoryUserRepository(UserRepositorySuite): ...

The storage is a `latchkey.domain.storage.Storage`, with your adapter in place of one of ours.
`ClockSuite` asks for the fixture `clock`. All other suites pass every instant as an argument, so
no suite waits.
"""
