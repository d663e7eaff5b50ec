"""What Remit can do on this machine, beside what the machine itself can do: run by `make bench`.

Each ratio is taken turn about with its reference in the same minutes. Absolute figures are good to a
factor of 2 between machines and hours; ratios of one run to 15-30 %.
"""
