"""Which class and which batch the page is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.accounts.person import Person
from core.errors import AppError, NotAllowed, UnknownBatch
from core.photos.batches.batch import Batch
from core.photos.batches.service import ClassPhotos
from core.roster.views import ClassSummary
from core.ui.class_photos.address import BatchAddress, go_to_batch


@dataclass(frozen=True)
class Spot:
    """A class with or without a batch; or what the address asks for and this person may not have."""

    here: ClassSummary | None
    batch: Batch | None = None
    refusal: AppError | None = None


def spot_of(person: Person, class_photos: ClassPhotos, classes: Sequence[ClassSummary], address: BatchAddress) -> Spot:
    """The batch that the address names, else the one that the class has at work."""
    if address.batch_id is not None:
        return _spot_of_batch(class_photos.find(person, address.batch_id), classes)
    here = classes[0] if address.class_id is None else _named(classes, address.class_id)
    if here is None:
        return Spot(None, refusal=NotAllowed())
    active = class_photos.active_of(person, here.id)
    if active is None:
        return Spot(here)
    # In the address its results stay on show when it is over.
    go_to_batch(active)
    return Spot(here, class_photos.batch(person, active))


def _spot_of_batch(batch: Batch | None, classes: Sequence[ClassSummary]) -> Spot:
    if batch is None:
        return Spot(None, refusal=UnknownBatch())
    return Spot(_named(classes, batch.class_id), batch)


def _named(classes: Sequence[ClassSummary], class_id: UUID | None) -> ClassSummary | None:
    return next((one for one in classes if one.id == class_id), None)
