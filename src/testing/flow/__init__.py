"""The test suite of the flow: a deployment's promises (`flow.md`), tested over HTTP alone.

`latchkey prove URL` runs it. To run it with pytest on deployments of your own, write a fixture
`kind` that returns a `latchkey.testing.flow.kinds.Kind`.
"""
