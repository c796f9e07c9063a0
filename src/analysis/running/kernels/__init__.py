"""Warm kernels: every notebook a process of its own, forked from one that has imported what notebooks import.

A kernel spends over two seconds on pandas, matplotlib and `analysis` before it does anything. Here one process (`server`)
imports them once, has no thread, and forks: a kernel for `provisioner` (an entry point of jupyter_client), or a call for
`pool` (an executor). `warm` starts and ends that process. Where it can't serve, the ordinary ways do.
"""
