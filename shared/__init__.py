"""What the services share: the published language (events) and mechanism. Imports no service.

Into this package goes only what two services use today and that names no business word, events
excepted. Two schemas stand behind it: `bus` (events, deliveries) and `access` (who is signed in).
"""

import zoneinfo

# One edition of the zone data in every process: the locked tzdata wheel's, never the machine's, which
# may be years older. (Alberta's clocks stay on UTC-6 from autumn 2026; Debian 12 did not know.)
zoneinfo.reset_tzpath(to=())
