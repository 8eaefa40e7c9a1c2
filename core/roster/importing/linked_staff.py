"""A plan for the teachers of a roster whose rows carry ids."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from core.roster.importing.current import CurrentRoster, CurrentStaff
from core.roster.importing.neutral import Kind, NeutralRoster, StaffMember
from core.roster.importing.plan import Change, Outcome, PlannedRow, Value, created
from core.roster.importing.register import Missing, Register, Target
from core.roster.importing.settling import Settled, flag, known_name, settled, updated


@dataclass(frozen=True, slots=True)
class LinkedStaff:
    """What is here, what comes, and where new ids come from."""

    current: CurrentRoster
    roster: NeutralRoster
    new_id: Callable[[], UUID]
    # By address, in one case; the rows that are planned add theirs.
    _holders: dict[str, CurrentStaff] = field(default_factory=dict)

    def rows(self) -> tuple[list[PlannedRow], Register]:
        by_id = {here.sourced_id: here for here in self.current.staff if here.sourced_id}
        self._holders.update({here.email.casefold(): here for here in self.current.staff if here.email})
        targets = {key: Target(here.id, here.full_name) for key, here in by_id.items() if here.active}
        register = Register("Teacher", self.roster.headings.get("staff_id"), targets)

        def settle(item: StaffMember) -> Settled:
            return self._settle(item, by_id.get(item.sourced_id) or self._without_id(item))

        rows = settled(self.roster.staff, Kind.STAFF, roster=self.roster, register=register, settle=settle)
        return rows, register

    def _without_id(self, item: StaffMember) -> CurrentStaff | None:
        """Someone whom an admin entered by e-mail before the school's system was imported."""
        holder = self._holder(item)
        return holder if holder and holder.sourced_id is None else None

    def _holder(self, item: StaffMember) -> CurrentStaff | None:
        return self._holders.get(item.email.casefold()) if item.email else None

    def _settle(self, item: StaffMember, here: CurrentStaff | None) -> Settled:
        holder = self._holder(item)
        if holder is not None and holder is not here:
            return self._email_taken(item, holder)
        if here is None:
            return self._new(item)
        if not here.active:
            # Coming back in a file must not give access back to someone who was removed.
            what = "No longer active here. An admin can change that in School settings."
            row = PlannedRow(Outcome.IGNORED, Kind.STAFF, item.source, item.full_name, what)
            return row, Missing(Outcome.IGNORED, f"{item.full_name} is no longer active here")
        return self._known(item, here)

    def _new(self, item: StaffMember) -> Settled:
        change = Change(Kind.STAFF, self.new_id(), _values(item))
        self._hold(item, CurrentStaff(change.id, item.full_name, item.sourced_id))
        return created(item, change, f"New teacher{flag(item)}"), Target(change.id, item.full_name)

    def _known(self, item: StaffMember, here: CurrentStaff) -> Settled:
        wanted = _values(item) | known_name(item, here)
        if here.email is None:
            self._hold(item, here)
        else:
            # A known address is what someone signs in with: an import must not hand it to another.
            wanted["email"] = None
        if here.sourced_id is None:
            self._hold(item, replace(here, sourced_id=item.sourced_id))
        return updated(Kind.STAFF, here, item, wanted), Target(here.id, item.full_name)

    def _hold(self, item: StaffMember, here: CurrentStaff) -> None:
        if item.email:
            self._holders[item.email.casefold()] = here

    def _email_taken(self, item: StaffMember, holder: CurrentStaff) -> Settled:
        what = f"{item.email} is the e-mail of {holder.full_name}. Correct the e-mail."
        column = self.roster.headings.get("email")
        row = PlannedRow(Outcome.REFUSED, Kind.STAFF, item.source, item.full_name, what, column)
        return row, Missing(Outcome.REFUSED, f"Teacher {item.sourced_id} is left out: {what}")


def _values(item: StaffMember) -> dict[str, Value]:
    return {
        "full_name": item.full_name,
        "sourced_id": item.sourced_id,
        "name_to_check": item.name_to_check,
        "email": item.email,
    }
