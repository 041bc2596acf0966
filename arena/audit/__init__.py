"""An audit of who could know what in a run, on the very prompts that were sent."""

from arena.audit.certificate import ArmAudit, Certificate, audit

__all__ = ["ArmAudit", "Certificate", "audit"]
