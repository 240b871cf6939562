// The pages of CPRAL: where people label, where a team sees it work, where labels are reviewed.
import { render } from 'preact';
import { Site } from './site/site.tsx';
import './styles/tokens.css';
import './styles/controls.css';

render(<Site />, document.getElementById('page')!);
