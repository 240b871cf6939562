ALTER TABLE "cycles" ADD COLUMN "create_time" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "traceparent" text;--> statement-breakpoint
ALTER TABLE "pool_items" ADD COLUMN "excluded_cause" text;--> statement-breakpoint
ALTER TABLE "pool_items" ADD COLUMN "excluded_item_id" text;--> statement-breakpoint
ALTER TABLE "work_items" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "work_items" ADD COLUMN "create_time" timestamp with time zone DEFAULT now() NOT NULL;