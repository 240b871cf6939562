DROP INDEX "pool_items_state";--> statement-breakpoint
DROP INDEX "ratings_order";--> statement-breakpoint
DROP INDEX "regions_order";--> statement-breakpoint
ALTER TABLE "images" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "labels" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "pool_items" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "previews" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "ratings" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "regions" ALTER COLUMN "image_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "work_items" ALTER COLUMN "item_id" SET DATA TYPE text collate "C";--> statement-breakpoint
CREATE INDEX "images_split" ON "images" USING btree ("dataset_key","split","image_id");--> statement-breakpoint
CREATE INDEX "outbox_events" ON "outbox" USING btree ("id") WHERE "outbox"."event_type" is not null;--> statement-breakpoint
CREATE INDEX "ratings_subset" ON "ratings" USING btree ("campaign_id","cycle","subset_rank") WHERE "ratings"."subset_rank" is not null;--> statement-breakpoint
CREATE INDEX "work_items_age" ON "work_items" USING btree ("campaign_id","create_time","item_id");--> statement-breakpoint
CREATE INDEX "pool_items_state" ON "pool_items" USING btree ("campaign_id","state","image_id");--> statement-breakpoint
CREATE INDEX "ratings_order" ON "ratings" USING btree ("campaign_id","cycle","rating" DESC NULLS FIRST,"image_id");--> statement-breakpoint
CREATE INDEX "regions_order" ON "regions" USING btree ("campaign_id","cycle","score" DESC NULLS FIRST,"image_id","top","left");--> statement-breakpoint
ALTER TABLE "cycles" DROP COLUMN "seconds";