"""照片: pictures of what a record tells, always optional, read through their record."""
