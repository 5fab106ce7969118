"""A test kit for teams that use the service, or parts of it: extra `testing`.

- `ports`: a suite of tests for each port, which an adapter of your own has to pass.
- `plugin`: fixtures for pytest, such as `latchkey_client`: the service in memory, on a clock that
  stands still. They are there as soon as the package is installed.
- `tokens`: access tokens, valid or flawed, for the tests of a service that only checks them.
- `service`: what the fixtures are made of, for other test runners.
- `environ`: the settings that all of these use.
- `factories`, `fakes`, `frozen_clock`: users, orders, tokens; a fast hasher; the clock.

This package imports nothing by itself. Its names are a public interface: the changelog covers it.
"""
