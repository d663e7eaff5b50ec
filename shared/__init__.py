"""What the services share: the published language (events) and mechanism. Imports no service.

Into this package goes only what two services use today and that names no business word, events
excepted. Two schemas stand behind it: `bus` (events, deliveries) and `access` (who is signed in).
"""
