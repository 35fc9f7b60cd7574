"""Closing an account (R13): asked for, taken back during the grace, then erased.

``closing.life`` closes and takes back, ``closing.erasing`` is the task that erases.
"""
