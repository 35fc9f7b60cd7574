"""Re-use: a publisher takes over another one's news, with its source named."""
