/**
 * What the statements are tried on: tables with rows, each with an index whose name begins with ix_. `orders.id` has a primary
 * key, `orders.customer` points to `customers` where a form sets that up.
 */
export const SHOP = `
create table customers (id int constraint ix_customers primary key, name text);
insert into customers select n, 'c' || n from generate_series(1, 500) n;
create table orders (
  id int constraint ix_orders primary key, customer int, note varchar(10), amount int, price numeric(8, 2),
  placed timestamptz, state text);
create index ix_orders_amount on orders (amount);
insert into orders select n, 1 + n % 500, n::text, n, n, now(), 'new' from generate_series(1, 3000) n;
create table plain (id int, code text not null);
insert into plain select n, n::text from generate_series(1, 1000) n;
create table events (id int not null, day date not null) partition by range (id);
create table events_low partition of events for values from (0) to (1000);
insert into events_low select n, '2026-01-01' from generate_series(1, 999) n;
create table events_high (id int not null, day date not null);
insert into events_high select n, '2026-01-01' from generate_series(1000, 1999) n;
create materialized view totals as select customer, sum(amount) as amount from orders group by customer;
create unique index ix_totals on totals (customer);
create view notes as select id, note from orders;
create sequence numbers;
create domain amount_of_money as int;
create table payments (id int, paid amount_of_money);
insert into payments select n, n from generate_series(1, 1000) n;
create type colour as enum ('red', 'blue');
create function touch() returns trigger language plpgsql as 'begin return new; end';
`;
