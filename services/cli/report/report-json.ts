// The report as text: two blanks of indent, one newline at the end. Pure.
import type { Report } from './report.ts';

export const reportJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
