"""What may be kept by browsers, proxies and this server, and for how long.

Pages for everybody alone: whatever says nothing of itself is ``private, no-store``, put
there by ``civisdata.policy.door.headers``.
"""
