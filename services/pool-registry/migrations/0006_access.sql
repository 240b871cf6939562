CREATE TABLE "api_keys" (
	"key_id" text collate "C" PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"project" text NOT NULL,
	"role" text NOT NULL,
	"secret_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"create_time" timestamp with time zone DEFAULT now() NOT NULL,
	"expire_time" timestamp with time zone,
	"revoke_time" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"entry_id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"time" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"project" text NOT NULL,
	"method" text NOT NULL,
	"target" text NOT NULL,
	"source" text NOT NULL,
	"outcome" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"project" text NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "uploads_project_digest_pk" PRIMARY KEY("project","digest")
);
--> statement-breakpoint
CREATE INDEX "audit_log_project" ON "audit_log" USING btree ("project","time","entry_id");--> statement-breakpoint
CREATE INDEX "images_image_digest" ON "images" USING btree (("image" ->> 'digest'));--> statement-breakpoint
CREATE INDEX "images_truth_digest" ON "images" USING btree (("ground_truth" ->> 'digest'));--> statement-breakpoint
CREATE INDEX "labels_classes_digest" ON "labels" USING btree ((("masks" -> 'classes') ->> 'digest'));--> statement-breakpoint
CREATE INDEX "labels_origins_digest" ON "labels" USING btree ((("masks" -> 'origins') ->> 'digest'));--> statement-breakpoint
CREATE INDEX "models_weights_digest" ON "models" USING btree ((("model" -> 'weights') ->> 'digest'));--> statement-breakpoint
CREATE INDEX "previews_digest" ON "previews" USING btree (("entropy" ->> 'digest'));--> statement-breakpoint
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the audit log is only added to';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_log_is_only_added_to" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
	FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
