ALTER TABLE "regions" ADD COLUMN "unlabelled_pixels" integer;--> statement-breakpoint
UPDATE "regions" SET "unlabelled_pixels" = "height" * "width";--> statement-breakpoint
ALTER TABLE "regions" ALTER COLUMN "unlabelled_pixels" SET NOT NULL;
