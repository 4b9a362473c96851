# changes.pl - what the publisher says has changed, read by other means than the
# indexer's, beside what a comparison tells.
#
#   perl changes.pl quarter REAL     < JSON   HCPCS, July to October 2020
#   perl changes.pl january REAL     < JSON   HCPCS, January 2026
#   perl changes.pl edits   GONE NEW < JSON   edits, 2024Q2 to 2024Q3: rows that
#                                             only one of the files has
#   perl changes.pl days    GONE NEW < JSON   the same from one build
use strict;
use warnings;
use IO::Uncompress::Unzip qw($UnzipError);
use JSON::PP;

my ($what, @given) = @ARGV;
my $failures = 0;

sub wrong {
    my ($format, @rest) = @_;
    printf "wrong: $format\n", @rest;
    exit 1 if ++$failures > 20;
}

# --- the comparison ------------------------------------------------------------

# Its items of a table and the line of the sums: every item is a line.
sub told {
    my ($table, $setting) = @_;
    my (@items, $sum);
    while (my $line = <STDIN>) {
        if ($line =~ /^\{"before":/) {
            $line =~ s/,"items":\[\s*$/}/ or die "no head\n";
            ($sum) = grep { $_->{table} eq $table && ($_->{setting} // '') eq $setting }
                @{decode_json($line)->{summary}};
        } elsif ($line =~ /^\{"table":"$table","setting":(?:null|"(\w+)")/) {
            next if ($1 // '') ne $setting;
            $line =~ s/,\s*$//;
            push @items, decode_json($line);
        }
    }
    return (\@items, $sum);
}

sub codes_of {
    my ($items, $test) = @_;
    my %code = map { $_->{code} => 1 } grep { $test->($_) } @$items;
    return \%code;
}

sub same_set {
    my ($name, $wanted, $told, $count) = @_;
    wrong '%s: %d of the publisher, not %d', $name, scalar keys %$wanted, $count
        if defined $count && keys %$wanted != $count;
    wrong '%s: %s is not told', $name, $_ for sort grep { !$told->{$_} } keys %$wanted;
    wrong '%s: %s is not the publisher\'s', $name, $_ for sort grep { !$wanted->{$_} } keys %$told;
}

# --- workbooks -----------------------------------------------------------------

sub members {
    my ($in) = @_;
    my $zip = IO::Uncompress::Unzip->new($in) or die "$UnzipError\n";
    my %member;
    do {
        local $/;
        my $name = $zip->getHeaderInfo->{Name};
        $member{$name} = <$zip>;
    } while ($zip->nextStream > 0);
    return \%member;
}

# The rows of the n-th sheet, as lists of texts.
sub sheet {
    my ($book, $n) = @_;
    my (@strings, @rows);
    while (($book->{'xl/sharedStrings.xml'} // '') =~ m{<si>(.*?)</si>|<si/>}gs) {
        push @strings, join '', ($1 // '') =~ m{<t[^>]*>([^<]*)</t>}g;
    }
    my $xml = $book->{"xl/worksheets/sheet$n.xml"} // die "no sheet $n\n";
    while ($xml =~ m{<row[^>]*>(.*?)</row>}gs) {
        my ($row, @cells) = $1;
        while ($row =~ m{<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)}gs) {
            my ($column, $kind, $inside) = ($1, $2, $3 // '');
            my $i = 0;
            $i = $i * 26 + ord($_) - 64 for split //, $column;
            my ($value) = $inside =~ m{<(?:v|t)[^>]*>([^<]*)</};
            $value = $strings[$value] if defined $value && $kind =~ /t="s"/;
            $cells[$i - 1] = $value // '';
        }
        push @rows, [map { $_ // '' } @cells];
    }
    return @rows;
}

# A transaction report: action -> codes.
sub report {
    my ($book) = @_;
    my %action;
    for my $row (sheet($book, 1)) {
        my ($code, $action) = map { s/^\s+|\s+$//gr } @$row[0, 1] if @$row > 1;
        next unless defined $action && $code =~ /^[A-Z0-9]{2,5}$/ && $code ne 'HCPC';
        $action{$action}{$code} = 1;
    }
    return \%action;
}

# --- HCPCS ---------------------------------------------------------------------

# The report of October spans just the files of July and October: every code it
# names changed so, and no code that it calls unchanged has changed.
sub quarter {
    my ($items, $sum) = told('hcpcs', '');
    my $report = report(members("$given[0]/hcpcs/2020oct/trans_alpha.xlsx"));
    my $of = sub { my ($kind, $field) = @_;
        return codes_of($items, sub {
            my ($item) = @_;
            return $item->{kind} eq $kind && (!$field || ($item->{field} // '') eq $field);
        });
    };

    same_set 'added', $report->{ADD}, $of->('added'), 38;
    same_set 'ended', $report->{Discontinued}, $of->('ended'), 4;
    same_set 'long text', $report->{'Long Description Change'},
        $of->('title', 'long_description'), 7;
    same_set 'coverage', $report->{'Coverage Change'}, $of->('revised', 'coverage'), 2;
    for my $item (@$items) {
        wrong '%s: told as %s, reported as unchanged', @$item{'code', 'kind'}
            if $report->{'No Change'}{$item->{code}};
        wrong '%s begins on %s', @$item{'code', 'effective'}
            if $item->{kind} eq 'added' && $item->{effective} gt '2020-12-31';
        wrong '%s ends on %s', @$item{'code', 'effective'}
            if $item->{kind} eq 'ended' && $item->{effective} ne '2020-10-01';
    }
    wrong 'not compared' unless $sum->{compared};
}

sub january {
    my ($items) = told('hcpcs', '');
    my $zip = members("$given[0]/hcpcs/2026jan/january-2026-alpha-numeric-hcpcs-file.zip");
    my ($report_name) = grep { /Transaction Report/ } keys %$zip;
    my ($text_name) = grep { /ANWEB_\d+\.txt$/ } keys %$zip;
    my $report = report(members(\$zip->{$report_name}));
    my (%action, $dental);
    for my $line (split /\r?\n/, $zip->{$text_name}) {
        next if length $line < 293 || substr($line, 10, 1) !~ /[37]/;
        my $code = substr($line, 0, 5) =~ s/ //gr;
        $action{substr $line, 292, 1}{$code} = 1;
        $dental++ if $code =~ /^D\d/;
    }
    my $discontinued = $report->{Discontinued};
    my %rest = map { $_ => 1 } grep { !/^D\d{4}$/ } keys %$discontinued;
    my %kind = map { my $kind = $_;
        $kind => codes_of($items, sub { $_[0]{kind} eq $kind }) } qw(added ended);

    wrong '%d codes reported as discontinued, not 101', scalar keys %$discontinued
        if keys %$discontinued != 101;
    wrong '%d rows carry D, not 95', scalar keys %{$action{D}} if keys %{$action{D}} != 95;
    wrong '%s', 'the file has dental codes' if $dental;
    wrong 'reported: %d dental codes', 101 - keys %rest if keys %rest != 95;
    same_set 'rows with D', \%rest, $action{D}, 95;
    same_set 'ended', \%rest, $kind{ended}, 95;
    same_set 'rows with A', $report->{ADD}, $action{A}, 160;
    same_set 'added', $action{A}, $kind{added}, 160;
    same_set 'rows with C', $report->{'Long Description Change'}, $action{C}, 294;
    same_set 'rows with P', $report->{'Payment Change'}, $action{P}, 65;
    same_set 'rows with S', $report->{'Short Description Change'}, $action{S}, 1;
}

# --- edits ---------------------------------------------------------------------

sub rows {
    my ($path) = @_;
    open my $in, '<', $path or die "$path\n";
    my @rows = map { chomp; [split /\t/, $_, -1] } <$in>;
    return \@rows;
}

# What the rows say of each pair of codes: "0353U 0008U ends 1".
sub said_by_rows {
    my ($gone, $new) = @_;
    my (%rows, %said);
    push @{$rows{join ' ', sort @$_[0, 1]}{gone}}, $_ for @$gone;
    push @{$rows{join ' ', sort @$_[0, 1]}{new}}, $_ for @$new;
    for my $pair (keys %rows) {
        my @gone = @{$rows{$pair}{gone} // []};
        my @ended = grep { $_->[2] ne '*' } @{$rows{$pair}{new} // []};
        my @begun = grep { $_->[2] eq '*' } @{$rows{$pair}{new} // []};
        my $said;
        if (@gone == 1 && @ended == 1 && @begun == 1) {
            my $same = "@{$gone[0]}[0, 1]" eq "@{$begun[0]}[0, 1]";
            $said{"changed @{$begun[0]}[0, 1] $begun[0][3]"} = 1
                if $gone[0][3] ne $begun[0][3];
            next if $same;
            $said = "reversed @{$begun[0]}[0, 1]";
        } elsif (@gone == 1 && @ended == 1) {
            $said = "ends @{$ended[0]}[0, 1] $ended[0][3]";
        } elsif (!@gone && !@ended && @begun == 1) {
            $said = "begins @{$begun[0]}[0, 1] $begun[0][3]";
        } else {
            $said = 'more';
        }
        $said{$said} = 1;
    }
    return \%said;
}

sub said_by_items {
    my ($items) = @_;
    my %said;
    for my $item (@$items) {
        my $kind = $item->{kind} =~ s/^edit_//r;
        my $indicator = $kind eq 'reversed' ? '' : ' ' . ($item->{after} // $item->{before});
        $said{"$kind $item->{column1} $item->{column2}$indicator"} = 1;
        wrong '%s %s counts from %s', @$item{'column1', 'column2', 'effective'}
            if $item->{effective} ne '2024-07-01';
    }
    return \%said;
}

sub edits {
    my ($items, $sum) = told('ptp', 'practitioner');
    my ($gone, $new) = (rows($given[0]), rows($given[1]));
    wrong '%d rows gone, not 295', scalar @$gone if @$gone != 295;
    wrong '%d rows new, not 1223', scalar @$new if @$new != 1223;
    if ($what eq 'edits') {
        wrong 'told: %d rows gone', $sum->{rows_gone} if $sum->{rows_gone} != 295;
        wrong 'told: %d rows new', $sum->{rows_new} if $sum->{rows_new} != 1223;
    }
    same_set 'edits', said_by_rows($gone, $new), said_by_items($items);
}

my %run = (quarter => \&quarter, january => \&january, edits => \&edits, days => \&edits);
($run{$what} // die "what?\n")->();
exit($failures > 0);
