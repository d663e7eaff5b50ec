"""The processes of Remit, on a laptop as on a cluster: web, worker, ringer, beat.

Each reads nothing but the environment and refuses to start when its settings are incomplete or
unsafe. On one machine `remit up` starts them; elsewhere any service manager does.
"""
