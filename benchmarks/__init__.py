"""Speed of `helpers` beside TensorFlow: ``python -m benchmarks [NAME ...]``."""
