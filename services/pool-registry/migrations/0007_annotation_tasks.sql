CREATE TABLE "annotation_tasks" (
	"task_id" text collate "C" PRIMARY KEY NOT NULL,
	"campaign_id" text NOT NULL,
	"cycle" integer NOT NULL,
	"step" integer NOT NULL,
	"rank" integer NOT NULL,
	"purpose" text NOT NULL,
	"image_id" text collate "C" NOT NULL,
	"top" integer NOT NULL,
	"left" integer NOT NULL,
	"height" integer NOT NULL,
	"width" integer NOT NULL,
	"score" double precision DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"annotator" text DEFAULT '' NOT NULL,
	"lease_expire_time" timestamp with time zone,
	"draft" jsonb,
	"active_seconds" double precision DEFAULT 0 NOT NULL,
	"clicks" bigint DEFAULT 0 NOT NULL,
	"strokes" bigint DEFAULT 0 NOT NULL,
	"skip_reason" text DEFAULT '' NOT NULL,
	"reviewer" text DEFAULT '' NOT NULL,
	"return_note" text,
	"returns" integer DEFAULT 0 NOT NULL,
	"iou" double precision,
	"disagreement" double precision,
	"submit_time" timestamp with time zone,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL,
	"update_time" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "previews" ADD COLUMN "prediction" jsonb;--> statement-breakpoint
ALTER TABLE "previews" ADD COLUMN "certainty" jsonb;--> statement-breakpoint
ALTER TABLE "annotation_tasks" ADD CONSTRAINT "annotation_tasks_campaign_id_campaigns_campaign_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("campaign_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "annotation_tasks_state" ON "annotation_tasks" USING btree ("campaign_id","state","cycle","step","rank");--> statement-breakpoint
CREATE INDEX "annotation_tasks_image" ON "annotation_tasks" USING btree ("campaign_id","cycle","step","image_id");--> statement-breakpoint
CREATE INDEX "annotation_tasks_lease" ON "annotation_tasks" USING btree ("lease_expire_time") WHERE "annotation_tasks"."state" = 'leased';--> statement-breakpoint
CREATE INDEX "annotation_tasks_submitted" ON "annotation_tasks" USING btree ("submit_time","task_id") WHERE "annotation_tasks"."submit_time" is not null;