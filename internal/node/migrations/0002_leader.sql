-- Who writes. One row: each leader raises the epoch when it begins, and every
-- write transaction checks it first, so a leader that was replaced cannot write.
--   epoch     number of the present term, 0 before the first
--   instance  the leader; host and port are where its clients reach it, '' and 0
--             when it stands alone
--   beat      its last sign of life, by the database's clock
create table eventstore.leader (
    one      boolean primary key default true check (one),
    epoch    bigint      not null,
    instance uuid        not null,
    host     text        not null,
    port     integer     not null,
    beat     timestamptz not null
) with (fillfactor = 10); -- changed by every commit: room for updates on the same page
insert into eventstore.leader values (true, 0, '00000000-0000-0000-0000-000000000000', '', 0, now());

-- Which nodes serve this log, and when each was last seen.
create table eventstore.members (
    instance uuid        primary key,
    host     text        not null,
    port     integer     not null,
    seen     timestamptz not null
);

-- First in every write transaction. It keeps the row locked until the end, so a
-- new leader's first step waits for the old one's last transaction.
create function eventstore.lead(term bigint) returns void language plpgsql as $$
begin
    update eventstore.leader set beat = clock_timestamp() where epoch = term;
    if not found then
        raise exception 'eventstore: term % is over', term using errcode = 'object_not_in_prerequisite_state';
    end if;
end $$;

grant select, update on eventstore.leader to jejak_node;
grant select, insert, update, delete on eventstore.members to jejak_node;
