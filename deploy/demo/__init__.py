"""The demo division: Three Larches, invented from a seed, loaded through each service's own door.

Nobody in it is real, and every address ends in `example.org` and reaches nobody. The same seed
makes the same division, byte for byte, on any machine and on any day.
"""
