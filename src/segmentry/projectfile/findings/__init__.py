"""What is wrong or strange in data: found, counted, and met with a rule where that is safe."""
