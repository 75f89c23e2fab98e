"""Engine environments: Pythons of their own with what the application itself does not carry, such as PyTorch."""
