"""The database's own guard against lost updates."""

from __future__ import annotations

import pgtrigger


def no_write_skips_the_version(*, bookkeeping: str = "") -> pgtrigger.Trigger:
    """Refuse to change a record without raising its version by one: such a write has not seen what it overwrites.

    `bookkeeping` names a column that may change by itself, if there is one. The records of the
    apps above are held by the same rule (editorial.models): neither leaf sees the other.
    """
    return pgtrigger.Trigger(
        name="version_is_not_skipped",
        # After, and last by its name: what else is wrong with a write is said first.
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.version <> OLD.version + 1
               AND to_jsonb(NEW) - '{bookkeeping}' IS DISTINCT FROM to_jsonb(OLD) - '{bookkeeping}' THEN
                RAISE EXCEPTION 'a write to % % skips its version: somebody may have changed it meanwhile', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )
