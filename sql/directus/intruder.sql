-- An editor's honest suggestion, made after the rehearsal: contracts are about finance first. They already
-- have a first topic, and an object may have only one: tier 50_topic_finalization will refuse it (23505), and
-- nothing before that tier will notice.
insert into governance_topic_suggestion (object, topic, rank, suggested_by, suggested_on)
values ('contracts', 'finance', 1, 'deniz', '2026-06-03');
