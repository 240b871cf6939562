CREATE TABLE "campaigns" (
	"campaign_id" text PRIMARY KEY NOT NULL,
	"dataset_key" integer NOT NULL,
	"config" jsonb NOT NULL,
	"config_digest" text NOT NULL,
	"state" integer NOT NULL,
	"step" integer NOT NULL,
	"cycle" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"error" text DEFAULT '' NOT NULL,
	"step_start_time" timestamp with time zone DEFAULT now() NOT NULL,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL,
	"update_time" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cycles" (
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"labelled" jsonb NOT NULL,
	"model_id" text,
	"evaluation" jsonb,
	"loss" double precision DEFAULT 0 NOT NULL,
	"seconds" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"quality" jsonb,
	CONSTRAINT "cycles_campaign_id_cycle_pk" PRIMARY KEY("campaign_id","cycle")
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"key" serial PRIMARY KEY NOT NULL,
	"dataset_id" text,
	"display_name" text NOT NULL,
	"class_map" jsonb NOT NULL,
	"train_images" integer DEFAULT 0 NOT NULL,
	"val_images" integer DEFAULT 0 NOT NULL,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "datasets_dataset_id_unique" UNIQUE("dataset_id")
);
--> statement-breakpoint
CREATE TABLE "images" (
	"dataset_key" integer NOT NULL,
	"image_id" text NOT NULL,
	"split" integer NOT NULL,
	"height" integer NOT NULL,
	"width" integer NOT NULL,
	"image" jsonb NOT NULL,
	"ground_truth" jsonb,
	CONSTRAINT "images_dataset_key_image_id_pk" PRIMARY KEY("dataset_key","image_id")
);
--> statement-breakpoint
CREATE TABLE "labels" (
	"campaign_id" text NOT NULL,
	"image_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"masks" jsonb NOT NULL,
	"labelled_pixels" bigint DEFAULT 0 NOT NULL,
	"void_pixels" bigint DEFAULT 0 NOT NULL,
	"extended_pixels" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "labels_campaign_id_image_id_cycle_pk" PRIMARY KEY("campaign_id","image_id","cycle")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"model_id" text PRIMARY KEY NOT NULL,
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"model" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"operation_id" text PRIMARY KEY NOT NULL,
	"campaign_id" text NOT NULL,
	"done" boolean DEFAULT false NOT NULL,
	"error_code" integer DEFAULT 0 NOT NULL,
	"error_message" text DEFAULT '' NOT NULL,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL,
	"update_time" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"work_kind" text,
	"item_id" text,
	"event_type" text,
	"subject" text DEFAULT '' NOT NULL,
	"data" jsonb,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pool_items" (
	"campaign_id" text NOT NULL,
	"image_id" text NOT NULL,
	"state" integer NOT NULL,
	CONSTRAINT "pool_items_campaign_id_image_id_pk" PRIMARY KEY("campaign_id","image_id")
);
--> statement-breakpoint
CREATE TABLE "previews" (
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"image_id" text NOT NULL,
	"entropy" jsonb NOT NULL,
	CONSTRAINT "previews_campaign_id_cycle_image_id_pk" PRIMARY KEY("campaign_id","cycle","image_id")
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"image_id" text NOT NULL,
	"rating" double precision NOT NULL,
	"subset_rank" integer,
	CONSTRAINT "ratings_campaign_id_cycle_image_id_pk" PRIMARY KEY("campaign_id","cycle","image_id")
);
--> statement-breakpoint
CREATE TABLE "regions" (
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"image_id" text NOT NULL,
	"top" integer NOT NULL,
	"left" integer NOT NULL,
	"height" integer NOT NULL,
	"width" integer NOT NULL,
	"score" double precision NOT NULL,
	"rank" integer,
	CONSTRAINT "regions_campaign_id_cycle_image_id_top_left_pk" PRIMARY KEY("campaign_id","cycle","image_id","top","left")
);
--> statement-breakpoint
CREATE TABLE "requests" (
	"request_id" text PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"request_digest" text NOT NULL,
	"response" jsonb NOT NULL,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "work_items" (
	"item_id" text PRIMARY KEY NOT NULL,
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"step" integer NOT NULL,
	"kind" text NOT NULL,
	"spec" jsonb NOT NULL,
	"spec_digest" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_token" text,
	"worker" text,
	"lease_expire_time" timestamp with time zone,
	"not_before" timestamp with time zone DEFAULT now() NOT NULL,
	"units_done" double precision DEFAULT 0 NOT NULL,
	"units_total" double precision DEFAULT 0 NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"checkpoint" jsonb,
	"result" jsonb,
	"compute_seconds" double precision DEFAULT 0 NOT NULL,
	"cause" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_dataset_key_datasets_key_fk" FOREIGN KEY ("dataset_key") REFERENCES "public"."datasets"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cycles" ADD CONSTRAINT "cycles_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "images" ADD CONSTRAINT "images_dataset_key_datasets_key_fk" FOREIGN KEY ("dataset_key") REFERENCES "public"."datasets"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "labels" ADD CONSTRAINT "labels_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_items" ADD CONSTRAINT "pool_items_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "previews" ADD CONSTRAINT "previews_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "regions" ADD CONSTRAINT "regions_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_items" ADD CONSTRAINT "work_items_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "operations_campaign" ON "operations" USING btree ("campaign_id");--> statement-breakpoint
CREATE INDEX "pool_items_state" ON "pool_items" USING btree ("campaign_id","state");--> statement-breakpoint
CREATE INDEX "ratings_order" ON "ratings" USING btree ("campaign_id","cycle","rating" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "regions_order" ON "regions" USING btree ("campaign_id","cycle","score" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "regions_rank" ON "regions" USING btree ("campaign_id","cycle","rank");--> statement-breakpoint
CREATE INDEX "requests_time" ON "requests" USING btree ("create_time");--> statement-breakpoint
CREATE INDEX "work_items_step" ON "work_items" USING btree ("campaign_id","cycle","step","state");--> statement-breakpoint
CREATE INDEX "work_items_state" ON "work_items" USING btree ("state","not_before");--> statement-breakpoint
CREATE INDEX "work_items_digest" ON "work_items" USING btree ("spec_digest","state");