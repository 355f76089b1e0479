from server.core import clock
from server.core.access import Who
from server.core.audit import audited
from server.core.files import Picture

from .models import Photo


@audited("photo.store")
def store_photo(who: Who, photo: Photo, picture: Picture) -> Photo:
    """The picture is on disk and synced already; this makes the record know it."""
    photo.kept_digest, photo.width, photo.height = picture.digest, picture.width, picture.height
    photo.state, photo.stored_at = "stored", clock.now()
    return photo
