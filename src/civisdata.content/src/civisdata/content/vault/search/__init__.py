"""Search in one's own documents: sealed texts, opened for as long as a search takes."""
