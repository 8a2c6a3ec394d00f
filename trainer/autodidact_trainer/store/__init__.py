"""Groups and examples on disk, or in a bucket."""
