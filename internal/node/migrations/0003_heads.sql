-- The number of a stream's last event stands in the log itself, one step down the
-- index of stream and revision. Keeping it a second time made every append change
-- two tables. A program of the version before cannot serve a log without it.
alter table eventstore.streams drop column head;
alter table eventstore.streams reset (fillfactor);
