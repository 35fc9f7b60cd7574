"""Views of a document besides its page: words, small images, words found in it."""
