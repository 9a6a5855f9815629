-- What the approvals application writes when the proposal is approved: this opens the hard gate.
-- Run as approvals_app (or a superuser). One-Roof never writes this.
insert into os_proposal_approvals (proposal, decision, decided_by, reason)
values ('one-roof-governance', 'approve', 'alma', 'rehearsal read, figures as announced');
