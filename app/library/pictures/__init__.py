"""Pictures on disk: files, what they say of themselves, thumbnails, the index and the trash."""
