"""What all admin pages have in common: saving through the verbs, steps of the workflow, safe lists.

Not in `admin`, because the admin site itself is made from these classes
(ots_tracker.admin): importing a module that registers pages would need the
site that is just being made.
"""

from .forms import LedgeredForm
from .ledgered import LedgeredAdmin, can_publish
from .publishable import PublishableAdmin

__all__ = ["LedgeredAdmin", "LedgeredForm", "PublishableAdmin", "can_publish"]
