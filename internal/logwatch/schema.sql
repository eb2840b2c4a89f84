create schema if not exists operations;

-- the logs that this database has belonged to; the one with the highest number now
create table if not exists operations.log (
    number        integer primary key,
    id            text not null unique,
    first_commit  bigint not null,
    first_prepare bigint not null,
    first_id      text not null,
    agreed        bigint not null,
    lost          bigint not null default 0,
    since         timestamptz not null,
    -- whether every read model has been made anew from it
    adopted       boolean not null default true
);

-- up to where the log was searched for what outsiders did
create table if not exists operations.log_scan (
    one              boolean primary key default true check (one),
    commit_position  bigint not null,
    prepare_position bigint not null,
    foreign_events   bigint not null
);

-- streams of the ledger whose events are hidden, and gone after the next scavenge
create table if not exists operations.cut_stream (
    stream   text primary key,
    what     text not null,
    position bigint not null
);

-- events in streams of the ledger that are no facts of it; the first ones
create table if not exists operations.foreign_event (
    position bigint primary key,
    stream   text not null,
    revision bigint not null,
    name     text not null
);
