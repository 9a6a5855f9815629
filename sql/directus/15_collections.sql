-- The business collections: Directus keeps one table for each. Groups ("domains") and system tables have none
-- here.

set role directus_app;

do $$
declare
  name text;
begin
  foreach name in array array[
    'articles', 'pages', 'media_assets', 'translations', 'campaigns', 'newsletters',
    'accounts', 'contacts', 'contracts', 'consents', 'support_tickets', 'feedback',
    'orders', 'shipments', 'suppliers', 'stock_items', 'price_lists', 'work_orders',
    'knowledge_documents', 'knowledge_sources', 'glossary_terms', 'law_files', 'reports', 'training_courses',
    'integrations', 'feature_flags', 'deployments',
    'sandbox_notes', 'office_menu', 'event_photos',
    'import_staging', 'legacy_articles', 'legacy_orders', 'link_checks'
  ] loop
    execute format(
      'create table %I (
         id uuid primary key,
         status varchar(255) not null default ''draft'',
         sort integer,
         user_created uuid references directus_users,
         date_created timestamptz,
         title varchar(255) not null,
         body text
       )', name);
  end loop;
end $$;

reset role;
